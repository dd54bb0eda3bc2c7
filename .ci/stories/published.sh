# Published curves: searched for, added to those measured here, named with their source, kept.
small
begin
settled
at_curves
shot without
click 120 161
text 'vtm'
until_ 'a shorter list' changed without 220x340+10+175 500
shot found
click 100 187
session 'len(s["library"]["view"]["shown"]) == 1'
until_ 'its curve' changed without 900x460+300+140 300
shot with
key Escape
finish
begin
session 'len(s["library"]["view"]["shown"]) == 1 and s["window"]["screen"] == "curves"'
until_ 'its curve after a restart' changed without 900x460+300+140 300
finish
