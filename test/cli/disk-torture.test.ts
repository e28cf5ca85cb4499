import { describeDiskTorture } from '../helpers/disk-torture.ts';

// Every single call is for the load test.
describeDiskTorture(19);
