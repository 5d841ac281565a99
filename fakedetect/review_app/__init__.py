"""A local web page on which people decide about the accounts and groups of an audit.

It is served to this machine alone (`serve.py`), to those who hold a link (`guard.py`); it shows the report's evidence
(`pages.py`), and what is decided goes into the file beside the audit (`fakedetect.decisions`).
"""
