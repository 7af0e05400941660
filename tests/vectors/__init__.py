"""What gates must agree on, wherever they judge: facts with their decision, and codes with what they say.

``python -m tests.vectors`` writes ``gate.json`` and ``codes.json``, one case a line, for anybody's test of their own
gate. The same facts and the same key make the same files, so that a changed rule shows as changed lines.

``gate.json``: ``facts`` of ``portal.passes.facts.GateFacts``, the ``decision`` and the state that is ``shown`` (null
where there is no pass). ``codes.json``: public ``keys``, and cases of a ``text`` read ``at`` a moment with its
``claims`` or its ``fault``. All moments are whole epoch seconds; trips are [out, in or null, back by or null].
"""
