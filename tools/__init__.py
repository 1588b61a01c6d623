"""Scripts that made what ships in ``data/``; the bot never imports them."""
