"""`python -m flows.federation_serve`: the supervisor, as `pumasi federation up` starts it in the background."""

import argparse
import sys

from federated.errors import FederatedError
from flows.errors import FlowError
from flows.federation import serve
from flows.settings import Settings

WRONG_USE = 2


def main() -> None:
    """Serve; what was foreseen ends in one sentence."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--address")
    parser.add_argument("--listen")
    given = parser.parse_args()
    settings = Settings.from_environment()
    try:
        serve(settings.home, given.address, given.listen, settings.nginx)
    except (FlowError, FederatedError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(WRONG_USE)


if __name__ == "__main__":
    main()
