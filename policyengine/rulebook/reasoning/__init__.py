"""What can be proven of conditions without any facts: which can never hold, which follow from others.

Everything proven is right for every scenario; what cannot be proven is left open, never guessed.
"""
