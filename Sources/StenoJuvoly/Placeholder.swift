enum StenoJuvolyPlaceholder {}
