"""Owns ground without business: clock, ids, html, crypto, blobs, pages, design system. Must not know any domain."""
