-- One line of many megabytes.
print(("y"):rep(7000000))
log(("z"):rep(7000000))
