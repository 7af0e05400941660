"""Paper: documents, codes to scan, and the font they are printed with."""
