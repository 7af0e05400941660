"""Spreadsheets: read what people have, however it was made, and write what their programs read. Knows no area.

``reading.read`` → a ``Sheet``; ``headings.find`` → which column means what; ``values`` → plain facts of cells;
``writing.write`` and ``writing.with_problems`` → workbooks. A file that cannot be read is a ``refusal.Refusal``.
"""
