#!/usr/bin/env python3
"""Writes a PDF of about N megabytes: one page, many image streams of incompressible bytes, a classical table.

    make_large_pdf.py OUT.pdf [MEGABYTES [OBJECTS]]        (default 1024, and an object for every 4 MB)

Standard library only; the same arguments give the same bytes.
"""
import hashlib
import sys


def main():
    path, megabytes = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1024
    offsets = {}
    with open(path, "wb") as out:
        def obj(number, body):
            offsets[number] = out.tell()
            out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        count = int(sys.argv[3]) if len(sys.argv) > 3 else megabytes // 4
        width = (megabytes << 20) // count
        names = b" ".join(b"/I%d %d 0 R" % (i, 10 + i) for i in range(count))
        obj(1, b"<< /Type /Catalog /Pages 2 0 R >>")
        obj(2, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
        obj(3, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << %s >> >> >>" % names)
        obj(4, b"<< /Length 0 >>\nstream\n\nendstream")
        block = b"".join(hashlib.sha256(b"kyso%d" % i).digest() for i in range(1 << 15))  # 1 MiB
        for i in range(count):
            first, last = divmod(width, len(block))
            offsets[10 + i] = out.tell()
            out.write(b"%d 0 obj\n<< /Type /XObject /Subtype /Image /Width 2048 /Height 2048 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length %d >>\nstream\n" % (10 + i, width))
            out.write(bytes([i % 256]) + (block[1:] if first else block[1:last]))
            for _ in range(1, first):
                out.write(block)
            if first:
                out.write(block[:last])
            out.write(b"\nendstream\nendobj\n")
        start = out.tell()
        size = 10 + count
        out.write(b"xref\n0 %d\n" % size)
        free = [n for n in range(1, size) if n not in offsets]
        for number in range(size):
            if number in offsets:
                out.write(b"%010d 00000 n \n" % offsets[number])
            else:
                out.write(b"%010d %05d f \n" % (0, 65535 if number == 0 else 1))
        out.write(b"trailer\n<< /Size %d /Root 1 0 R /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n" % (size, b"11" * 16, b"22" * 16, start))


if __name__ == "__main__":
    main()
