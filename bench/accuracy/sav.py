# SPDX-License-Identifier: GPL-3.0-or-later
"""A small writer of SPSS system files: numeric variables with labels and measurement levels, cells as doubles, None is system-missing."""
import struct

MISSING = struct.unpack("<d", bytes.fromhex("ffffffffffffefff"))[0]  # -DBL_MAX
MEASURES = {"nominal": 1, "ordinal": 2, "scale": 3}


def padded(data, unit):
    return data + b" " * (-len(data) % unit)


def header(n_variables, n_rows):
    return b"".join([b"$FL2", b"@(#) SPSS DATA FILE".ljust(60), struct.pack("<5i", 2, n_variables, 0, 0, n_rows), struct.pack("<d", 100),
                     b"01 Jan 2600:00:00", b" " * 64, b"\0" * 3])


def short_name(position):
    return f"V{position + 1}".encode()


def variable_record(variable, position):
    form = 5 << 16 | 8 << 8 | variable.decimals  # F8.d
    label = variable.label.encode()[:250]
    record = struct.pack("<6i", 2, 0, 1 if label else 0, 0, form, form) + short_name(position).ljust(8)
    return record + (struct.pack("<i", len(label)) + padded(label, 4) if label else b"")


def value_labels(labels, position):
    out = struct.pack("<2i", 3, len(labels))
    for code, text in labels.items():
        data = text.encode()[:120]
        out += struct.pack("<d", code) + padded(bytes([len(data)]) + data, 8)
    return out + struct.pack("<3i", 4, 1, position + 1)


def extension(subtype, size, data):
    return struct.pack("<4i", 7, subtype, size, len(data) // size) + data


def extensions(variables):
    names = "\t".join(f"V{i + 1}={v.name}" for i, v in enumerate(variables)).encode()
    display = b"".join(struct.pack("<3i", MEASURES[v.measure], 8, 1) for v in variables)
    return b"".join([extension(3, 4, struct.pack("<8i", 20, 0, 0, -1, 1, 1, 2, 65001)), extension(11, 4, display), extension(13, 1, names),
                     extension(20, 1, b"UTF-8")])


def write(path, variables, columns):
    """`variables` have name, label, labels (code to text), measure and decimals; `columns` are lists of numbers and None."""
    n_rows = len(columns[0])
    with open(path, "wb") as file:
        file.write(header(len(variables), n_rows))
        file.writelines(variable_record(v, i) for i, v in enumerate(variables))
        file.writelines(value_labels(v.labels, i) for i, v in enumerate(variables) if v.labels)
        file.write(extensions(variables))
        file.write(struct.pack("<2i", 999, 0))
        for row in zip(*columns):
            file.write(struct.pack(f"<{len(row)}d", *(MISSING if x is None else x for x in row)))
