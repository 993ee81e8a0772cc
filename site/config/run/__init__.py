"""`python -m config.run`: the whole portal on one machine, under one supervisor."""
