enum StenoTestingPlaceholder {}
