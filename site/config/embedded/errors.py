class StartError(Exception):
    """Something that the portal stands on cannot start. The message is one line for whoever typed the command."""
