"""The registry out of the sheets that people have: read, compared, shown, and only then written, all or nothing.

A file is kept sealed (``keeping``), its columns are recognised (``columns``, ``synonyms``), its rows become facts
(``cells``, ``facts``) of homes (``homes``), which are compared with the registry (``matching``) and kept as rows of
a preview (``preparing``). Confirming writes them (``confirming``); undoing takes them back (``undoing``).
"""
