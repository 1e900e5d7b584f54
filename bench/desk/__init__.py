"""The alert desk under load: who wins a claim that many press at once, and how soon an update reaches every console."""
