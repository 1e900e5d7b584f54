"""Ways outdoors: a made-up town of streets, walks through it with and without a purpose, and how a receiver sees them.

``streets`` is the town, ``ways`` the walks (one point a second, metres), ``receiver`` the error of GPS and phones, and
``phone`` makes OwnTracks messages of it. All of it is pure and seeded.
"""
