"""Pure detectors: one module each, the same verbs on all."""
