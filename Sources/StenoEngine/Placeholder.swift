enum StenoEnginePlaceholder {}
