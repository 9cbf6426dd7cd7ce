# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""AT-SPI's numbers in words."""

# AtspiStateType values that GTK 4.8 sets
STATES = {
    1: "active",
    3: "busy",
    4: "checked",
    7: "editable",
    8: "enabled",
    9: "expandable",
    10: "expanded",
    11: "focusable",
    12: "focused",
    16: "modal",
    17: "multi-line",
    20: "pressed",
    22: "selectable",
    23: "selected",
    24: "sensitive",
    25: "showing",
    30: "visible",
    36: "invalid-entry",
    41: "checkable",
    42: "has-popup",
    43: "read-only",
}

# AtspiRole names by number (GTK's own GetRoleName gives other, ARIA-like names)
ROLES = (
    "invalid|accelerator label|alert|animation|arrow|calendar|canvas|check box|check menu item|color chooser|column header|combo box|"
    "date editor|desktop icon|desktop frame|dial|dialog|directory pane|drawing area|file chooser|filler|focus traversable|"
    "font chooser|frame|glass pane|html container|icon|image|internal frame|label|layered pane|list|list item|menu|menu bar|"
    "menu item|option pane|page tab|page tab list|panel|password text|popup menu|progress bar|push button|radio button|"
    "radio menu item|root pane|row header|scroll bar|scroll pane|separator|slider|spin button|split pane|status bar|table|table cell|"
    "table column header|table row header|tearoff menu item|terminal|text|toggle button|tool bar|tool tip|tree|tree table|unknown|"
    "viewport|window|extended|header|footer|paragraph|ruler|application|autocomplete|editbar|embedded|entry|chart|caption|"
    "document frame|heading|page|section|redundant object|form|link|input method window|table row|tree item|document spreadsheet|"
    "document presentation|document text|document web|document email|comment|list box|grouping|image map|notification|info bar|"
    "level bar|title bar|block quote|audio|video|definition|article|landmark|log|marquee|math|rating|timer|static|math fraction|"
    "math root|subscript|superscript|description list|description term|description value|footnote|content deletion|content insertion|"
    "mark|suggestion|push button menu"
).split("|")


def states_in(words):
    """Names of the states in the two words of GetState."""
    bits = sum(word << 32 * i for i, word in enumerate(words))
    return {name for bit, name in STATES.items() if bits >> bit & 1}


def role_name(number):
    return ROLES[number] if number < len(ROLES) else f"role {number}"
