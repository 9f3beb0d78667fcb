enum StenoSandboxPlaceholder {}
