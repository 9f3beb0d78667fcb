enum StenoPlaceholder {}
