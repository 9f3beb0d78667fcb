// The plugin has no interface of its own: alsa-lib loads it, and `StenoTesting.VirtualMicrophone` talks to it.
