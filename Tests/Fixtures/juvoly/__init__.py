"""A stand-in for the Juvoly V2 service, written from the vendor's document and not from our client.

It shares no line with the product, so that a mistake made on both sides of a contract cannot cancel itself out.
"""
