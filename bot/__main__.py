"""The command line; see ``bot.commandline``."""

from bot.commandline import main

if __name__ == "__main__":
    main()
