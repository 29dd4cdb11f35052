-- By goto.
::again::
goto again
