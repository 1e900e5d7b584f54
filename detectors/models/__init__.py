"""Trained models as plain arrays (bench/train_falls.py makes them; docs/detectors/falls.md is their card)."""
