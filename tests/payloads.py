"""What a hostile hand may type into a roster: formulas, markup, script links, template words, signs that turn text."""

from __future__ import annotations

_FORMULAS = [
    "=1+1", '=HYPERLINK("http://x.example","y")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "{=1}",
    "=", "+", "-", "@", "★★★", "   ", "图书馆", "[a](http://x.example)", "[a](b) [c](d)", "$$note$$", "{{7*7}}",
    "<b>x</b>", "a\u202eb", "\u200f\u202d", "x\x00\x01\x1fy", "_x003D_1", "'=1", "=" * 300, "http://x.example",
    "internal:A1", "#REF!", "1e5", "<!--", "a\nb", "\ufeff=1", "＝1+1", "mailto:a@b.example", "%0A=1", "\u00a0=1",
    "&amp;", "TRUE", "[x]",
]  # fmt: skip
# Whatever runs of these calls pwned(), asks a question, or asks a network.
_SCRIPTS = [
    "<script>pwned()</script>", "</script><script>pwned()</script>", "<ScRiPt>pwned()</sCrIpT>", "<script/src=x>",
    "<img src=x onerror=pwned()>", '"><img src=x onerror=pwned()>', "'><svg onload=pwned()>", "<svg/onload=pwned()>",
    "<body onload=pwned()>", "<details open ontoggle=pwned()>x", "<iframe src=javascript:pwned()>",
    "<a href=javascript:pwned()>x</a>", "javascript:pwned()", "JaVaScRiPt:pwned()", "java\tscript:pwned()",
    "data:text/html,<script>pwned()</script>", "vbscript:pwned()", "<object data=javascript:pwned()>",
    "<embed src=//x.example>", "<form action=//x.example><button>x", "<input autofocus onfocus=pwned()>",
    "<link rel=stylesheet href=//x.example>", "<base href=//x.example>", "<style>*{display:none}</style>",
    "<meta http-equiv=refresh content=0;url=//x.example>", "<math><mtext><img src=x onerror=pwned()>",
    "<svg><script>pwned()</script></svg>", "<template><script>pwned()</script>",
    "<noscript><img src=x onerror=pwned()>",
    "--><script>pwned()</script>", "]]><script>pwned()</script>", "*/</style><script>pwned()</script>",
    '");pwned();//', "'-pwned()-'", "`${pwned()}`", "\\u003cscript>pwned()", "&lt;script&gt;pwned()&lt;/script&gt;",
    "&#60;script&#62;pwned()", "%3Cscript%3Epwned()", "<scr\x00ipt>pwned()</script>", '" onmouseover="pwned()',
    "' style='x:expression(pwned())", "</td></tr></table><script>pwned()</script>", "</title><script>pwned()</script>",
    "</textarea><script>pwned()</script>", "{{ self.__init__.__globals__ }}", "{% for x in [] %}", "{# note #}",
    "${7*7}", "<%= 7*7 %>",
]  # fmt: skip
# Letters that are written from right to left, alone and beside figures and brackets, and marks that turn others.
RIGHT_TO_LEFT = [
    "שלום", "مرحبا 123", "שלום (12", "العربية - 5", "1) שלום", "\u202eevil", "\u2067abc", "\u202bשלום",
    "\u2066שלום", "\u061c9",
]  # fmt: skip

FOR_SPREADSHEETS = [
    f"{opening}{tail}" for tail in ("", " A1", "|cmd", ";=1", "\u2066") for opening in _FORMULAS
]
# What goes through a whole night: each opening alone and with more behind it.
HOSTILE = [
    f"{opening}{tail}" for tail in ("", " club") for opening in (*_FORMULAS, *_SCRIPTS, *RIGHT_TO_LEFT)
]
