"""`python -m policyengine`."""

from policyengine.cli.main import main

if __name__ == "__main__":
    main()
