"""Train the shipped model from a fresh clone: `python train.py [options]` is `fakedetect train [options]`."""

import sys

from fakedetect.cli import main

if __name__ == "__main__":
    sys.exit(main(["train", *sys.argv[1:]]))
