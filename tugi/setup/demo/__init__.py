"""A believable desk to try out: the company Northlight, its people, and five weeks of conversations."""
