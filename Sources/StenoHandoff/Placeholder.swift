enum StenoHandoffPlaceholder {}
