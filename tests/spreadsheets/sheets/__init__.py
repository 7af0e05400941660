"""Sheets as people keep them and as attackers make them, each with what must come out.

Every trap, and where it is sprung:

- a file of 200 MB: ``test_bad_input`` (refused by what the request says of its size, or cut off at 16 MB)
- a bomb, one that lies about its size: ``hostile``
- macros (.xlsm), formulas, links to other files, data connections, files within: ``hostile``; ``test_bad_input`` for
  formulas in what goes back to people
- .xls, .doc, .docx, .pdf, photographs, web pages under another name, passwords, damage: ``hostile``
- 18 figures turned into 4.1E+17, phones as ="…", errors of look-ups: ``messy``, ``test_bad_input``
- dates in six ways: ``test_bad_input``, ``test_days``
- commas, semicolons, tabs, bars in UTF-8, GB18030, UTF-16: ``messy``, ``test_delimited``, ``test_bad_input``
- titles above, hints below, two rows of headings, merged cells, totals, feet, borders: ``messy``, ``heading_rows``
- two people with the same sheet: ``test_at_once``, ``test_power_cut`` (two workers writing at once)
- the power cut: ``test_power_cut`` (kill -9 in the middle of the write), ``test_at_once``
- uploads never under static: ``test_bad_input`` (sealed in the database from their arrival)
"""
