"""The same certificates with other people's programs, each in an environment of its own."""
