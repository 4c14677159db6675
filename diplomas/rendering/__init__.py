"""Diplomas as PDF files, from plain values: `render_diploma(DiplomaContent(...)) -> bytes`."""

from diplomas.rendering.content import DiplomaContent, Kind, Language
from diplomas.rendering.errors import DiplomaError, MissingGlyphs, UnreadableLogo
from diplomas.rendering.pdf import render_diploma, render_diplomas

__all__ = [
    "DiplomaContent",
    "DiplomaError",
    "Kind",
    "Language",
    "MissingGlyphs",
    "UnreadableLogo",
    "render_diploma",
    "render_diplomas",
]
