"""`python -m accounts`."""

from accounts.service import Accounts
from runtime import start

if __name__ == "__main__":
    start(Accounts())
