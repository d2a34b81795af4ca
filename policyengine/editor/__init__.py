"""What an editor asks while somebody writes: what is wrong, what stands here, what may follow, where it is defined."""
