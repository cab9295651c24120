"""Words as such: two texts compared and joined, paragraphs, passages, what makes a text good and easy to read.

Texts in, values out. Nothing here knows a row, a person or a request, so everything here is tried without a portal.
"""
