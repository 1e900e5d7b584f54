"""Quantities a physicist would ask of a fall, each with a known direction.

Boosted trees follow the daily life they were shown and guess beyond it; a sum of few directed quantities goes on in
the same direction. Where a whole data set was kept out of training (SisFall, taught by SmartFallMM's hips and a
pocket), trees alone found 87 % of the falls at 99 % silent trials, a plain logistic over these 98 %; where only the
people are new, trees are better. The mean of both is best on either. They are computed in detectors.kernels.features.
"""

PHYSICS = (
    "hit_speed",  # m/s taken away by the blow
    "fall_speed",  # gained before it
    "swing",  # g from the lightest moment to the hardest
    "tilt",  # degrees that the body turned from before to after
    "tilt_soon",  # and from just before to just after
    "stillest",
    "stirring",
    "alone_before",  # how the blow stands out of what was before, g
    "alone_after",  # and after
    "steps",
    "cut_in_step",  # a record that ends after a step looks like stillness and a tilt
)
