package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/tessera/client"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// serveKey: SOCKET. litewitness signs through an SSH agent; this one has a key that ends with it.
func serveKey(args []string) (any, error) {
	if len(args) != 1 {
		return nil, fmt.Errorf("agent SOCKET")
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, err
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		return nil, err
	}
	ring := agent.NewKeyring()
	if err := ring.Add(agent.AddedKey{PrivateKey: key}); err != nil {
		return nil, err
	}
	listener, err := net.Listen("unix", args[0])
	if err != nil {
		return nil, err
	}
	fingerprint := ssh.FingerprintSHA256(signer.PublicKey())
	if err := json.NewEncoder(os.Stdout).Encode(map[string]string{"Key": fingerprint}); err != nil {
		return nil, err
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			return nil, err
		}
		go agent.ServeAgent(ring, connection)
	}
}

// feedWitness: LOG-URL WITNESS-URL. Follows a log that knows nothing of the witness: its newest
// checkpoint, and a consistency proof that tessera builds from its tiles, go to the witness.
func feedWitness(args []string) (any, error) {
	if len(args) != 2 {
		return nil, fmt.Errorf("feed LOG-URL WITNESS-URL")
	}
	ctx := context.Background()
	fetcher, err := fetcherOf(args[0])
	if err != nil {
		return nil, err
	}
	signed, err := fetcher.ReadCheckpoint(ctx)
	if err != nil {
		return nil, err
	}
	var checkpoint log.Checkpoint
	if _, err := checkpoint.Unmarshal(signed); err != nil {
		return nil, err
	}
	status, answer, err := submit(args[1], 0, nil, signed)
	if err != nil {
		return nil, err
	}
	if status == http.StatusConflict {
		seen, err := strconv.ParseUint(strings.TrimSpace(answer), 10, 64)
		if err != nil {
			return nil, err
		}
		proofs, err := client.NewProofBuilder(ctx, checkpoint.Size, fetcher.ReadTile)
		if err != nil {
			return nil, err
		}
		hashes, err := proofs.ConsistencyProof(ctx, seen, checkpoint.Size)
		if err != nil {
			return nil, err
		}
		if status, answer, err = submit(args[1], seen, hashes, signed); err != nil {
			return nil, err
		}
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("%d %s", status, answer)
	}
	return map[string]any{"Size": checkpoint.Size, "Line": answer}, nil
}

func submit(witness string, old uint64, hashes [][]byte, signed []byte) (int, string, error) {
	var body bytes.Buffer
	fmt.Fprintf(&body, "old %d\n", old)
	for _, hash := range hashes {
		fmt.Fprintln(&body, base64.StdEncoding.EncodeToString(hash))
	}
	fmt.Fprintf(&body, "\n%s", signed)
	response, err := http.Post(strings.TrimRight(witness, "/")+"/add-checkpoint", "text/plain", &body)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<16))
	return response.StatusCode, string(answer), err
}
