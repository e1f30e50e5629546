"""What the tests of the command line expect of an error."""


def sentence(err: str) -> bool:
    return err.startswith("kgqa: ") and err.count("\n") == 1 and "Traceback" not in err
