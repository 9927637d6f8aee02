"""Scans of every kind, written by Pillow, and their judge.

foreign_scans.py make FOLDER           writes the scans
foreign_scans.py judge NAME PDF FOLDER renders every page of the copy at the scan's density and compares it
                                       with what Pillow sees in the scan, upright and in RGB; a band above is
                                       not compared. Prints the worst mean difference of a page (0-255).
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageOps, ImageSequence

DPI = 100
SIZE = (827, 1169)  # A4 at 100 dpi


def sheet(number):
    """A sheet no turn or mirror of which looks like itself."""
    page = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(page)
    draw.rectangle((60, 420, 380, 640), fill=(200, 30, 40))
    draw.rectangle((460, 420, 760, 640), fill=(30, 120, 60))
    draw.polygon([(60, 1100), (380, 1100), (60, 700)], fill=(30, 50, 170))
    for line in range(number + 1):
        draw.rectangle((430, 720 + 60 * line, 760 - 40 * line, 745 + 60 * line), fill=(20, 20, 20))
    return page


def bitonal(page):
    return page.convert("1", dither=Image.Dither.NONE)


def make(folder):
    one, dpi = sheet(0), (DPI, DPI)
    for orientation in range(1, 9):
        stored = one if orientation == 1 else one.transpose(
            {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
             5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
             8: Image.Transpose.ROTATE_270}[orientation])
        exif = Image.Exif()
        exif[0x0112] = orientation
        stored.save(folder / f"exif-{orientation}.jpg", dpi=dpi, exif=exif, quality=92)
        if orientation in (1, 6, 8):
            stored.save(folder / f"exif-{orientation}.webp", exif=exif, lossless=True)
            stored.save(folder / f"turned-{orientation}.tif", dpi=dpi, tiffinfo={274: orientation}, compression="tiff_lzw")
    one.save(folder / "progressive.jpg", dpi=dpi, progressive=True, quality=92)
    one.convert("L").save(folder / "grey.jpg", dpi=dpi, quality=92)
    one.convert("CMYK").save(folder / "cmyk.jpg", dpi=dpi, quality=95)
    one.save(folder / "full-chroma.jpg", dpi=dpi, subsampling=0, quality=92)
    one.save(folder / "plain.bmp", dpi=dpi)
    one.save(folder / "colour.png", dpi=dpi)
    one.convert("P", palette=Image.Palette.ADAPTIVE, colors=16).save(folder / "palette.png", dpi=dpi)
    Image.fromarray(np.asarray(one.convert("L")).astype(np.uint16) * 257).save(folder / "sixteen.png", dpi=dpi)
    bitonal(one).save(folder / "bitonal.png", dpi=dpi)
    clear = one.convert("RGBA")
    clear.putalpha(Image.eval(one.convert("L"), lambda value: 0 if value == 255 else 255))
    clear.save(folder / "alpha.png", dpi=dpi)
    for name, image, compression in [
        ("g3.tif", bitonal(one), "group3"), ("g4.tif", bitonal(one), "group4"),
        ("deflate.tif", one, "tiff_adobe_deflate"), ("packbits.tif", one.convert("L"), "packbits"), ("jpeg.tif", one, "jpeg"), ("raw.tif", one, None),
    ]:
        image.save(folder / name, dpi=dpi, compression=compression)
    sheets = [sheet(number) for number in range(5)]
    sheets[0].save(folder / "five.tif", dpi=dpi, save_all=True, append_images=sheets[1:], compression="tiff_lzw")
    faxes = [bitonal(page) for page in sheets[:3]]
    faxes[0].save(folder / "fax.tif", dpi=dpi, save_all=True, append_images=faxes[1:], compression="group4")


def pages(scan):
    """The pages of a scan as Pillow sees them."""
    with Image.open(scan) as image:
        for frame in ImageSequence.Iterator(image):
            upright = ImageOps.exif_transpose(frame)
            if upright.mode in ("RGBA", "LA"):
                paper = Image.new("RGBA", upright.size, "white")
                upright = Image.alpha_composite(paper, upright.convert("RGBA"))
            if upright.mode.startswith("I"):
                upright = Image.fromarray((np.asarray(upright) // 257).astype(np.uint8))
            yield np.asarray(upright.convert("RGB")).astype(int)


def judge(scan, pdf, folder):
    # WebP has no density: such a page is taken for A4, and only its width in pixels is known.
    size = ["-scale-to-x", str(SIZE[0]), "-scale-to-y", "-1"] if scan.suffix == ".webp" else ["-r", str(DPI)]
    prefix = folder / f"drawn-{scan.name}"
    subprocess.run(["pdftoppm", "-png", *size, pdf, prefix], check=True)
    drawn = [np.asarray(Image.open(path).convert("RGB")).astype(int) for path in sorted(folder.glob(f"{prefix.name}-*.png"))]
    seen = list(pages(scan))
    if len(drawn) != len(seen):
        sys.exit(f"{scan.name}: {len(drawn)} pages drawn of {len(seen)}")
    worst = 0.0
    for copy, page in zip(drawn, seen):
        # The upper third carries the mark and no ink of the scan's.
        rows = page.shape[0] * 2 // 3
        if abs(copy.shape[1] - page.shape[1]) > 1 or copy.shape[0] < rows:
            sys.exit(f"{scan.name}: drawn {copy.shape}, scanned {page.shape}")
        columns = min(copy.shape[1], page.shape[1])
        worst = max(worst, np.abs(copy[-rows:, :columns] - page[-rows:, :columns]).mean())
    print(f"{worst:.2f}")


if sys.argv[1] == "make":
    make(Path(sys.argv[2]))
else:
    judge(Path(sys.argv[4]) / sys.argv[2], sys.argv[3], Path(sys.argv[4]))
