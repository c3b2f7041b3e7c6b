// Command peers holds our log to software that others wrote: Go's own tlog and note packages,
// transparency-dev's merkle and tessera, torchwood. peers.py drives it; each act prints one JSON
// object, or says on standard error what was refused.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	acts := map[string]func([]string) (any, error){
		"proofs": checkProofs, // verify claims of inclusion and consistency from standard input
		"read":   readLog,     // read a whole log over HTTP, and fsck it
		"file":   checkFile,   // verify a tlog-proof file under a tlog-policy
		"agent":  serveKey,    // hold a new key for litewitness, until killed
		"feed":   feedWitness, // bring a log's newest checkpoint to a witness
	}
	if len(os.Args) < 2 || acts[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: peers proofs|read|file|agent|feed ...")
		os.Exit(2)
	}
	result, err := acts[os.Args[1]](os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
