"""Administration: is the portal well, who may enter, what is set, what happened.

Everything here is drawn from what lower features keep, and every change goes through their services; the pages own
no table but the one that remembers how the installation grows. Whoever may not enter is told why, and who can.
"""
