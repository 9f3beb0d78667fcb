enum StenoAudioPlaceholder {}
