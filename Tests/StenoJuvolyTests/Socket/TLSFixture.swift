import NIOSSL

/// Certificates that only tests trust, valid from 2020 to 2120 where nothing else is said. The keys protect
/// nothing.
enum TLSFixture {
    /// For `localhost` and 127.0.0.1.
    static let good = """
        -----BEGIN CERTIFICATE-----
        MIIBqTCCAU+gAwIBAgICEAEwCgYIKoZIzj0EAwIwHzEdMBsGA1UEAwwUc3Rlbm8g
        dGVzdCBhdXRob3JpdHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBa
        MBoxGDAWBgNVBAMMD3N0ZW5vIHRlc3QgZ29vZDBZMBMGByqGSM49AgEGCCqGSM49
        AwEHA0IABE2z/3bFYVM6ocDhjGwHp+6Ekpja8ulgcU2gRHdhqPjySLwR2yYnWZ5k
        ywTyrieZbEhXIJkG/1wCK4OetiRtfSejfjB8MBoGA1UdEQQTMBGCCWxvY2FsaG9z
        dIcEfwAAATAJBgNVHRMEAjAAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMB0GA1UdDgQW
        BBRzqKmo2xn5K7iLhO8uQ8fW4akGgDAfBgNVHSMEGDAWgBRKs3CsKiaIgci/mIj5
        4wXETP2IHDAKBggqhkjOPQQDAgNIADBFAiBaLDX1QNv5wlStuHA4KSck2QklH8Jm
        CKTXT3yw4m3UCAIhAKQ605girmXQZp8ML76Cay3l+L8agzdAHvxIzXq4wAZw
        -----END CERTIFICATE-----
        """
    /// For `elsewhere.test`.
    static let otherName = """
        -----BEGIN CERTIFICATE-----
        MIIBqTCCAU+gAwIBAgICEAIwCgYIKoZIzj0EAwIwHzEdMBsGA1UEAwwUc3Rlbm8g
        dGVzdCBhdXRob3JpdHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBa
        MBsxGTAXBgNVBAMMEHN0ZW5vIHRlc3Qgb3RoZXIwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAARNs/92xWFTOqHA4YxsB6fuhJKY2vLpYHFNoER3Yaj48ki8EdsmJ1me
        ZMsE8q4nmWxIVyCZBv9cAiuDnrYkbX0no30wezAZBgNVHREEEjAQgg5lbHNld2hl
        cmUudGVzdDAJBgNVHRMEAjAAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMB0GA1UdDgQW
        BBRzqKmo2xn5K7iLhO8uQ8fW4akGgDAfBgNVHSMEGDAWgBRKs3CsKiaIgci/mIj5
        4wXETP2IHDAKBggqhkjOPQQDAgNIADBFAiAb9KgxNR6R0F/yGdUPlf8KbZfHXwCD
        GeQ8RZ+LLIQAlwIhAKRXpKe2a8xqKTBH+O7oVhKz5ff5is1ip6afk2Cs9MCm
        -----END CERTIFICATE-----
        """
    /// For `localhost`, until the end of 2020.
    static let expired = """
        -----BEGIN CERTIFICATE-----
        MIIBozCCAUqgAwIBAgICEAMwCgYIKoZIzj0EAwIwHzEdMBsGA1UEAwwUc3Rlbm8g
        dGVzdCBhdXRob3JpdHkwHhcNMjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAwMDAwWjAd
        MRswGQYDVQQDDBJzdGVubyB0ZXN0IGV4cGlyZWQwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAARNs/92xWFTOqHA4YxsB6fuhJKY2vLpYHFNoER3Yaj48ki8EdsmJ1me
        ZMsE8q4nmWxIVyCZBv9cAiuDnrYkbX0no3gwdjAUBgNVHREEDTALgglsb2NhbGhv
        c3QwCQYDVR0TBAIwADATBgNVHSUEDDAKBggrBgEFBQcDATAdBgNVHQ4EFgQUc6ip
        qNsZ+Su4i4TvLkPH1uGpBoAwHwYDVR0jBBgwFoAUSrNwrComiIHIv5iI+eMFxEz9
        iBwwCgYIKoZIzj0EAwIDRwAwRAIgMrj18evZBCH5DPSA5klFBQ/znOyK+E9Kgny5
        mhwyf58CIBwrCK+ebeGApixJWS763KYLjD2Wv1uC+6TuEJxH6AiA
        -----END CERTIFICATE-----
        """
    /// For `localhost`, from 2119.
    static let early = """
        -----BEGIN CERTIFICATE-----
        MIIBrDCCAVKgAwIBAgICEAQwCgYIKoZIzj0EAwIwHzEdMBsGA1UEAwwUc3Rlbm8g
        dGVzdCBhdXRob3JpdHkwIhgPMjExOTAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAw
        MFowGzEZMBcGA1UEAwwQc3Rlbm8gdGVzdCBlYXJseTBZMBMGByqGSM49AgEGCCqG
        SM49AwEHA0IABE2z/3bFYVM6ocDhjGwHp+6Ekpja8ulgcU2gRHdhqPjySLwR2yYn
        WZ5kywTyrieZbEhXIJkG/1wCK4OetiRtfSejfjB8MBoGA1UdEQQTMBGCCWxvY2Fs
        aG9zdIcEfwAAATAJBgNVHRMEAjAAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMB0GA1Ud
        DgQWBBRzqKmo2xn5K7iLhO8uQ8fW4akGgDAfBgNVHSMEGDAWgBRKs3CsKiaIgci/
        mIj54wXETP2IHDAKBggqhkjOPQQDAgNIADBFAiEA2AnRGzI/OM8A/LlIkFWJVaxZ
        xVIat75GbM6Ueu8gdWsCIAzSXmKB1l4fvXdGtWidsiASCGyEW7VhklkY3eKj3/18
        -----END CERTIFICATE-----
        """
    /// Issuer of the others.
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBczCCARigAwIBAgICEAAwCgYIKoZIzj0EAwIwHzEdMBsGA1UEAwwUc3Rlbm8g
        dGVzdCBhdXRob3JpdHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBa
        MB8xHTAbBgNVBAMMFHN0ZW5vIHRlc3QgYXV0aG9yaXR5MFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAEIEb60f8004KZEcd/VLVAlNIYSVMD8wxuj1z9d57wY5h3kbn4
        CnbmmkQM2/mQRAkmXatR+K5o4Kr62WZhWnCoA6NCMEAwDwYDVR0TAQH/BAUwAwEB
        /zAOBgNVHQ8BAf8EBAMCAgQwHQYDVR0OBBYEFEqzcKwqJoiByL+YiPnjBcRM/Ygc
        MAoGCCqGSM49BAMCA0kAMEYCIQDBuU3SwA48KxOL5PDZgQVTR/tRrM7qsU51QfZU
        AyRdnwIhAKZSxWwYlM4sxd5JNfQfQ/sPzZMTMg8cjy+C9QZ07SMu
        -----END CERTIFICATE-----
        """
    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIClAjczpmA/a/ILE
        hgbRAmBFM/qvkd46msR94v2arRahRANCAARNs/92xWFTOqHA4YxsB6fuhJKY2vLp
        YHFNoER3Yaj48ki8EdsmJ1meZMsE8q4nmWxIVyCZBv9cAiuDnrYkbX0n
        -----END PRIVATE KEY-----
        """

    static func server(
        _ certificate: String,
        minimum: TLSVersion = .tlsv12,
        maximum: TLSVersion = .tlsv13
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(Self.key.utf8), format: .pem))
        )
        configuration.minimumTLSVersion = minimum
        configuration.maximumTLSVersion = maximum
        return try NIOSSLContext(configuration: configuration)
    }
}
