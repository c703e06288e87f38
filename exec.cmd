@rem `exec` for Windows, where npm runs scripts by cmd, which looks for commands in this folder first. In package.json
@rem `exec node …` makes the shell become Node, so that a signal for npm reaches Node, and not a shell between them.
@%*
