"""The doctor: looks at everything the app needs, and says of each thing what was found and what to do.

One file for each kind of finding. Nothing here changes anything but one probe document in the state container.
"""
