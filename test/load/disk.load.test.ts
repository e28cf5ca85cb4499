import { describeDiskTorture } from '../helpers/disk-torture.ts';

describeDiskTorture(1);
