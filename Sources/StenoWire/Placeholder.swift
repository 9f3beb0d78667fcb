enum StenoWirePlaceholder {}
