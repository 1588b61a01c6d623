"""Pictures of a day for a community: words, a sun, and hills in the colour that it chose.

A pure renderer: it knows no Discord, no database and no campaign. ``render`` and what it stands on
load Pillow and HarfBuzz; ``scenes`` loads neither.
"""
