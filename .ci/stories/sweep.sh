# A sweep runs: its results fill cells, are kept, and become curves.
small ', "sweep": {"specs": ["jpeg:10-90/9", "webp:10-90/5"], "metrics": ["psnr-rgb"]}'
begin
settled
key F4
session 's["window"]["screen"] == "sweep"'
sleep 0.5
shot plan
results() { find "$HOME" -path '*codecworkbench*' -newer "$here/plan.png" -type f ! -path '*session*' | wc -l; }
enough() { [ "$(results)" -ge "$1" ]; }
key ctrl+Return
until_ 'results in the cache' enough 14
settled
until_ 'cells that are filled' changed plan 900x300+20+100 2000
shot done
key F2
until_ 'curves' colors 850x600+300+100 40
finish
