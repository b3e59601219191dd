"""Starting and watching a run: the same apps, with or without a network between them."""
