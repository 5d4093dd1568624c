"""The judgement: pure rules from facts to verdicts. No request, no file, no clock."""
