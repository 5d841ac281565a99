"""What features are worth: the classifier, its calibration, its files, and conformal p-values."""
