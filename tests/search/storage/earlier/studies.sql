PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE studies (
	study_id INTEGER NOT NULL, 
	study_name VARCHAR(512) NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO studies VALUES(1,'small');
CREATE TABLE version_info (
	version_info_id INTEGER NOT NULL, 
	schema_version INTEGER, 
	library_version VARCHAR(256), 
	PRIMARY KEY (version_info_id), 
	CHECK (version_info_id=1)
);
INSERT INTO version_info VALUES(1,12,'5.0.0');
CREATE TABLE study_directions (
	study_direction_id INTEGER NOT NULL, 
	direction VARCHAR(8) NOT NULL, 
	study_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	PRIMARY KEY (study_direction_id), 
	UNIQUE (study_id, objective), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO study_directions VALUES(1,'MINIMIZE',1,0);
CREATE TABLE study_user_attributes (
	study_user_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_user_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO study_user_attributes VALUES(1,1,'definition','{"data": {"dataset": "news.csv", "text": null, "label": null, "validation": 0.2, "examples": null, "fingerprint": "aad8dad4181c736636aa45b0c7eaf3ce2bd797f4e97882ed705de9332b613c9b"}, "search": {"epochs": 3, "seed": 7, "sampler": "tpe", "pruner": "median"}, "space": {"cell": ["rnn", "gru", "lstm"], "hidden_dim": {"low": 4, "high": 12, "step": 4, "log": false, "default": null}, "lr": {"low": 0.001, "high": 0.1, "step": null, "log": true, "default": null}, "dropout": {"low": 0.0, "high": 0.5, "step": null, "log": false, "default": null}}, "fixed": {"batch_size": 32, "vocab_threshold": 0, "precision": "float32"}, "enqueue": [], "trainer": 4}');
INSERT INTO study_user_attributes VALUES(2,1,'asked','14');
CREATE TABLE study_system_attributes (
	study_system_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_system_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
CREATE TABLE trials (
	trial_id INTEGER NOT NULL, 
	number INTEGER, 
	study_id INTEGER, 
	state VARCHAR(8) NOT NULL, 
	datetime_start DATETIME, 
	datetime_complete DATETIME, 
	PRIMARY KEY (trial_id), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO trials VALUES(1,0,1,'COMPLETE','2026-11-25 10:22:51.857381','2026-11-25 10:22:52.996127');
INSERT INTO trials VALUES(2,1,1,'COMPLETE','2026-11-25 10:22:53.007861','2026-11-25 10:22:53.110826');
INSERT INTO trials VALUES(3,2,1,'COMPLETE','2026-11-25 10:22:53.121082','2026-11-25 10:22:53.228354');
INSERT INTO trials VALUES(4,3,1,'COMPLETE','2026-11-25 10:22:53.237958','2026-11-25 10:22:53.327267');
INSERT INTO trials VALUES(5,4,1,'COMPLETE','2026-11-25 10:22:53.337153','2026-11-25 10:22:53.431051');
INSERT INTO trials VALUES(6,5,1,'PRUNED','2026-11-25 10:22:53.441076','2026-11-25 10:22:53.525613');
INSERT INTO trials VALUES(7,6,1,'PRUNED','2026-11-25 10:22:53.536067','2026-11-25 10:22:53.651160');
INSERT INTO trials VALUES(8,7,1,'PRUNED','2026-11-25 10:22:53.661232','2026-11-25 10:22:53.738328');
INSERT INTO trials VALUES(9,8,1,'PRUNED','2026-11-25 10:22:53.748675','2026-11-25 10:22:53.834944');
INSERT INTO trials VALUES(10,9,1,'PRUNED','2026-11-25 10:22:53.845557','2026-11-25 10:22:53.922452');
INSERT INTO trials VALUES(11,10,1,'PRUNED','2026-11-25 10:22:53.934377','2026-11-25 10:22:54.016133');
INSERT INTO trials VALUES(12,11,1,'RUNNING','2026-11-25 10:22:54.027892',NULL);
CREATE TABLE trial_user_attributes (
	trial_user_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_user_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO trial_user_attributes VALUES(1,1,'owner','{"host": "a-host", "boot": "79647b98-8f11-43f3-af80-13c78e9fdfbe", "pid": 3788, "started": 1795602169.29}');
INSERT INTO trial_user_attributes VALUES(2,1,'parameters','1262');
INSERT INTO trial_user_attributes VALUES(3,1,'vocabulary','12');
INSERT INTO trial_user_attributes VALUES(4,1,'environment','{"device": "CPU, 1 threads", "precision": "float32", "versions": {"python": "3.11.7", "torch": "2.13.0+cpu", "optuna": "5.0.0", "datasets": "5.2.0", "nltk": "3.10.4", "numpy": "2.4.6"}, "git": "4edb1c8375a8f1be7761f98a6c6d9e0b0cff3752", "command": "search.run --study small.toml --trials 14", "host": "a-host"}');
INSERT INTO trial_user_attributes VALUES(5,1,'curve','[{"number": 1, "train_loss": 0.6847721735636393, "validation_loss": 0.643407424290975, "accuracy": 1.0, "macro_f1": 1.0, "lr": 0.014819450336375361, "seconds": 0.020068946000037613}, {"number": 2, "train_loss": 0.5458505650361379, "validation_loss": 0.4368596076965332, "accuracy": 1.0, "macro_f1": 1.0, "lr": 0.014819450336375361, "seconds": 0.014723621000030107}, {"number": 3, "train_loss": 0.2169730340441068, "validation_loss": 0.11505048473676045, "accuracy": 1.0, "macro_f1": 1.0, "lr": 0.014819450336375361, "seconds": 0.014263206000009632}]');
INSERT INTO trial_user_attributes VALUES(6,1,'best_epoch','3');
INSERT INTO trial_user_attributes VALUES(7,1,'best_loss','0.11505048473676045');
INSERT INTO trial_user_attributes VALUES(8,1,'accuracy','1.0');
INSERT INTO trial_user_attributes VALUES(9,1,'macro_f1','1.0');
INSERT INTO trial_user_attributes VALUES(10,1,'seconds','0.04905577300007735');
INSERT INTO trial_user_attributes VALUES(11,2,'owner','{"host": "a-host", "boot": "79647b98-8f11-43f3-af80-13c78e9fdfbe", "pid": 3788, "started": 1795602169.29}');
INSERT INTO trial_user_attributes VALUES(12,2,'parameters','198');
INSERT INTO trial_user_attributes VALUES(13,2,'vocabulary','12');
INSERT INTO trial_user_attributes VALUES(14,2,'environment','{"device": "CPU, 1 threads", "precision": "float32", "versions": {"python": "3.11.7", "torch": "2.13.0+cpu", "optuna": "5.0.0", "datasets": "5.2.0", "nltk": "3.10.4", "numpy": "2.4.6"}, "git": "4edb1c8375a8f1be7761f98a6c6d9e0b0cff3752", "command": "search.run --study small.toml --trials 14", "host": "a-host"}');
INSERT INTO trial_user_attributes VALUES(15,2,'curve','[{"number": 1, "train_loss": 0.7099535266558329, "validation_loss": 0.6986087163289388, "accuracy": 0.5, "macro_f1": 0.3333333333333333, "lr": 0.0032973858546493304, "seconds": 0.013395528000046397}, {"number": 2, "train_loss": 0.6944920818010966, "validation_loss": 0.6938128471374512, "accuracy": 0.5, "macro_f1": 0.3333333333333333, "lr": 0.0032973858546493304, "seconds": 0.013266927000017859}, {"number": 3, "train_loss": 0.691471109787623, "validation_loss": 0.6912557284037272, "accuracy": 0.5, "macro_f1": 0.3333333333333333, "lr": 0.0032973858546493304, "seconds": 0.013640641999984382}]');
INSERT INTO trial_user_attributes VALUES(16,2,'best_epoch','3');
INSERT INTO trial_user_attributes VALUES(17,2,'best_loss','0.6912557284037272');
INSERT INTO trial_user_attributes VALUES(18,2,'accuracy','0.5');
INSERT INTO trial_user_attributes VALUES(19,2,'macro_f1','0.3333333333333333');
INSERT INTO trial_user_attributes VALUES(20,2,'seconds','0.04030309700004864');
INSERT INTO trial_user_attributes VALUES(21,3,'owner','{"host": "a-host", "boot": "79647b98-8f11-43f3-af80-13c78e9fdfbe", "pid": 3788, "started": 1795602169.29}');
INSERT INTO trial_user_attributes VALUES(22,3,'parameters','618');
INSERT INTO trial_user_attributes VALUES(23,3,'vocabulary','12');
INSERT INTO trial_user_attributes VALUES(24,3,'environment','{"device": "CPU, 1 threads", "precision": "float32", "versions": {"python": "3.11.7", "torch": "2.13.0+cpu", "optuna": "5.0.0", "datasets": "5.2.0", "nltk": "3.10.4", "numpy": "2.4.6"}, "git": "4edb1c8375a8f1be7761f98a6c6d9e0b0cff3752", "command": "search.run --study small.toml --trials 14", "host": "a-host"}');
INSERT INTO trial_user_attributes VALUES(25,3,'curve','[{"number": 1, "train_loss": 0.7568166255950928, "validation_loss": 0.6763351758321127, "accuracy": 0.5, "macro_f1": 0.3333333333333333, "lr": 0.060779636268604005, "seconds": 0.013983931000041139}, {"number": 2, "train_loss": 0.5731862783432007, "validation_loss": 0.39067896207173664, "accuracy": 1.0, "macro_f1": 1.0, "lr": 0.060779636268604005, "seconds": 0.013399264000042876}, {"number": 3, "train_loss": 0.10728278787185748, "validation_loss": 0.021136706074078877, "accuracy": 1.0, "macro_f1": 1.0, "lr": 0.060779636268604005, "seconds": 0.01310146199995188}]');
INSERT INTO trial_user_attributes VALUES(26,3,'best_epoch','3');
INSERT INTO trial_user_attributes VALUES(27,3,'best_loss','0.021136706074078877');
INSERT INTO trial_user_attributes VALUES(28,3,'accuracy','1.0');
INSERT INTO trial_user_attributes VALUES(29,3,'macro_f1','1.0');
INSERT INTO trial_user_attributes VALUES(30,3,'seconds','0.040484657000035895');
INSERT INTO trial_user_attributes VALUES(31,4,'owner','{"host": "a-host", "boot": "79647b98-8f11-43f3-af80-13c78e9fdfbe", "pid": 3788, "started": 1795602169.29}');
INSERT INTO trial_user_attributes VALUES(32,4,'parameters','330');
INSERT INTO trial_user_attributes VALUES(33,4,'vocabulary','12');
INSERT INTO trial_user_attributes VALUES(34,4,'environment','{"device": "CPU, 1 threads", "precision": "float32", "versions": {"python": "3.11.7", "torch": "2.13.0+cpu", "optuna": "5.0.0", "datasets": "5.2.0", "nltk": "3.10.4", "numpy": "2.4.6"}, "git": "4edb1c8375a8f1be7761f98a6c6d9e0b0cff3752", "command": "search.run --study small.toml --trials 14", "host": "a-host"}');
INSERT INTO trial_user_attributes VALUES(35,4,'curve','[{"number": 1, "train_loss": 0.7095429003238678, "validation_loss": 0.6917920112609863, "accuracy": 0.5, "macro_f1": 0.3333333333333333, "lr": 0.022251822119913056, "seconds": 0.010243137999964347}, {"number": 2, "train_loss": 0.6870049635569254, "validation_loss": 0.6841762065887451, "accuracy": 0.5, "macro_f1": 0.3333333333333333, "lr": 0.022251822119913056, "seconds": 0.010278300000038598}, {"number": 3, "train_loss": 0.6703046560287476, "validation_loss": 0.6537208159764608, "accuracy": 0.8958333333333334, "macro_f1": 0.8946906537955244, "lr": 0.022251822119913056, "seconds": 0.00984466599999223}]');
INSERT INTO trial_user_attributes VALUES(36,4,'best_epoch','3');
INSERT INTO trial_user_attributes VALUES(37,4,'best_loss','0.6537208159764608');
INSERT INTO trial_user_attributes VALUES(38,4,'accuracy','0.8958333333333334');
INSERT INTO trial_user_attributes VALUES(39,4,'macro_f1','0.8946906537955244');
INSERT INTO trial_user_attributes VALUES(40,4,'seconds','0.030366103999995175');
INSERT INTO trial_user_attributes VALUES(41,5,'owner','{"host": "a-host", "boot": "79647b98-8f11-43f3-af80-13c78e9fdfbe", "pid": 3788, "started": 1795602169.29}');
INSERT INTO trial_user_attributes VALUES(42,5,'parameters','638');
INSERT INTO trial_user_attributes VALUES(43,5,'vocabulary','12');
INSERT INTO trial_user_attributes VALUES(44,5,'environment','{"device": "CPU, 1 threads", "precision": "float32", "versions": {"python": "3.11.7", "torch": "2.13.0+cpu", "optuna": "5.0.0", "datasets": "5.2.0", "nltk": "3.10.4", "numpy": "2.4.6"}, "git": "4edb1c8375a8f1be7761f98a6c6d9e0b0cff3752", "command": "search.run --study small.toml --trials 14", "host": "a-host"}');
INSERT INTO trial_user_attributes VALUES(45,5,'curve','[{"number": 1, "train_loss": 0.6907270749409994, "validation_loss": 0.6402404308319092, "accuracy": 0.9791666666666666, "macro_f1": 0.9791576204950065, "lr": 0.01970502113466347, "seconds": 0.010710842000037246}, {"number": 2, "train_loss": 0.5247754603624344, "validation_loss": 0.3618650833765666, "accuracy": 1.0, "macro_f1": 1.0, "lr": 0.01970502113466347, "seconds": 0.01066585500001338}, {"number": 3, "train_loss": 0.14701718899110952, "validation_loss": 0.05380738774935404, "accuracy": 1.0, "macro_f1": 1.0, "lr": 0.01970502113466347, "seconds": 0.010872211999981118}]');
INSERT INTO trial_user_attributes VALUES(46,5,'best_epoch','3');
INSERT INTO trial_user_attributes VALUES(47,5,'best_loss','0.05380738774935404');
INSERT INTO trial_user_attributes VALUES(48,5,'accuracy','1.0');
INSERT INTO trial_user_attributes VALUES(49,5,'macro_f1','1.0');
INSERT INTO trial_user_attributes VALUES(50,5,'seconds','0.032248909000031745');
INSERT INTO trial_user_attributes VALUES(51,6,'owner','{"host": "a-host", "boot": "79647b98-8f11-43f3-af80-13c78e9fdfbe", "pid": 3788, "started": 1795602169.29}');
INSERT INTO trial_user_attributes VALUES(52,6,'parameters','198');
INSERT INTO trial_user_attributes VALUES(53,6,'vocabulary','12');
INSERT INTO trial_user_attributes VALUES(54,6,'environment','{"device": "CPU, 1 threads", "precision": "float32", "versions": {"python": "3.11.7", "torch": "2.13.0+cpu", "optuna": "5.0.0", "datasets": "5.2.0", "nltk": "3.10.4", "numpy": "2.4.6"}, "git": "4edb1c8375a8f1be7761f98a6c6d9e0b0cff3752", "command": "search.run --study small.toml --trials 14", "host": "a-host"}');
INSERT INTO trial_user_attributes VALUES(55,6,'curve','[{"number": 1, "train_loss": 0.7323220074176788, "validation_loss": 0.728905200958252, "accuracy": 0.5, "macro_f1": 0.3333333333333333, "lr": 0.0019233887773926685, "seconds": 0.013979736000010234}, {"number": 2, "train_loss": 0.7255024214585623, "validation_loss": 0.723811149597168, "accuracy": 0.5, "macro_f1": 0.3333333333333333, "lr": 0.0019233887773926685, "seconds": 0.013583137000011902}]');
INSERT INTO trial_user_attributes VALUES(56,6,'pruned','{"epoch": 2, "value": 0.723811149597168, "median": 0.4368596076965332, "trials": 5}');
INSERT INTO trial_user_attributes VALUES(57,6,'best_epoch','2');
INSERT INTO trial_user_attributes VALUES(58,6,'best_loss','0.723811149597168');
INSERT INTO trial_user_attributes VALUES(59,6,'accuracy','0.5');
INSERT INTO trial_user_attributes VALUES(60,6,'macro_f1','0.3333333333333333');
INSERT INTO trial_user_attributes VALUES(61,6,'seconds','0.027562873000022137');
INSERT INTO trial_user_attributes VALUES(62,7,'owner','{"host": "a-host", "boot": "79647b98-8f11-43f3-af80-13c78e9fdfbe", "pid": 3788, "started": 1795602169.29}');
INSERT INTO trial_user_attributes VALUES(63,7,'parameters','762');
INSERT INTO trial_user_attributes VALUES(64,7,'vocabulary','12');
INSERT INTO trial_user_attributes VALUES(65,7,'environment','{"device": "CPU, 1 threads", "precision": "float32", "versions": {"python": "3.11.7", "torch": "2.13.0+cpu", "optuna": "5.0.0", "datasets": "5.2.0", "nltk": "3.10.4", "numpy": "2.4.6"}, "git": "4edb1c8375a8f1be7761f98a6c6d9e0b0cff3752", "command": "search.run --study small.toml --trials 14", "host": "a-host"}');
INSERT INTO trial_user_attributes VALUES(66,7,'curve','[{"number": 1, "train_loss": 0.712352454662323, "validation_loss": 0.6902761459350586, "accuracy": 0.5, "macro_f1": 0.3333333333333333, "lr": 0.017890965660242803, "seconds": 0.04778139000001147}, {"number": 2, "train_loss": 0.6712134778499603, "validation_loss": 0.6573004722595215, "accuracy": 0.6458333333333334, "macro_f1": 0.5950372208436725, "lr": 0.017890965660242803, "seconds": 0.010519428999998581}]');
INSERT INTO trial_user_attributes VALUES(67,7,'pruned','{"epoch": 2, "value": 0.6573004722595215, "median": 0.4368596076965332, "trials": 5}');
INSERT INTO trial_user_attributes VALUES(68,7,'best_epoch','2');
INSERT INTO trial_user_attributes VALUES(69,7,'best_loss','0.6573004722595215');
INSERT INTO trial_user_attributes VALUES(70,7,'accuracy','0.6458333333333334');
INSERT INTO trial_user_attributes VALUES(71,7,'macro_f1','0.5950372208436725');
INSERT INTO trial_user_attributes VALUES(72,7,'seconds','0.05830081900001005');
INSERT INTO trial_user_attributes VALUES(73,8,'owner','{"host": "a-host", "boot": "79647b98-8f11-43f3-af80-13c78e9fdfbe", "pid": 3788, "started": 1795602169.29}');
INSERT INTO trial_user_attributes VALUES(74,8,'parameters','118');
INSERT INTO trial_user_attributes VALUES(75,8,'vocabulary','12');
INSERT INTO trial_user_attributes VALUES(76,8,'environment','{"device": "CPU, 1 threads", "precision": "float32", "versions": {"python": "3.11.7", "torch": "2.13.0+cpu", "optuna": "5.0.0", "datasets": "5.2.0", "nltk": "3.10.4", "numpy": "2.4.6"}, "git": "4edb1c8375a8f1be7761f98a6c6d9e0b0cff3752", "command": "search.run --study small.toml --trials 14", "host": "a-host"}');
INSERT INTO trial_user_attributes VALUES(77,8,'curve','[{"number": 1, "train_loss": 0.6934258937835693, "validation_loss": 0.6906560262044271, "accuracy": 0.5, "macro_f1": 0.3333333333333333, "lr": 0.0029310698657159335, "seconds": 0.010290076999979192}, {"number": 2, "train_loss": 0.6895086864630381, "validation_loss": 0.6888795693715414, "accuracy": 0.6875, "macro_f1": 0.6862745098039216, "lr": 0.0029310698657159335, "seconds": 0.010397748000002593}]');
INSERT INTO trial_user_attributes VALUES(78,8,'pruned','{"epoch": 2, "value": 0.6888795693715414, "median": 0.4368596076965332, "trials": 5}');
INSERT INTO trial_user_attributes VALUES(79,8,'best_epoch','2');
INSERT INTO trial_user_attributes VALUES(80,8,'best_loss','0.6888795693715414');
INSERT INTO trial_user_attributes VALUES(81,8,'accuracy','0.6875');
INSERT INTO trial_user_attributes VALUES(82,8,'macro_f1','0.6862745098039216');
INSERT INTO trial_user_attributes VALUES(83,8,'seconds','0.020687824999981785');
INSERT INTO trial_user_attributes VALUES(84,9,'owner','{"host": "a-host", "boot": "79647b98-8f11-43f3-af80-13c78e9fdfbe", "pid": 3788, "started": 1795602169.29}');
INSERT INTO trial_user_attributes VALUES(85,9,'parameters','618');
INSERT INTO trial_user_attributes VALUES(86,9,'vocabulary','12');
INSERT INTO trial_user_attributes VALUES(87,9,'environment','{"device": "CPU, 1 threads", "precision": "float32", "versions": {"python": "3.11.7", "torch": "2.13.0+cpu", "optuna": "5.0.0", "datasets": "5.2.0", "nltk": "3.10.4", "numpy": "2.4.6"}, "git": "4edb1c8375a8f1be7761f98a6c6d9e0b0cff3752", "command": "search.run --study small.toml --trials 14", "host": "a-host"}');
INSERT INTO trial_user_attributes VALUES(88,9,'curve','[{"number": 1, "train_loss": 0.7039091388384501, "validation_loss": 0.6978746255238851, "accuracy": 0.5, "macro_f1": 0.3333333333333333, "lr": 0.0017975979957355586, "seconds": 0.014814385000022412}, {"number": 2, "train_loss": 0.6958859662214915, "validation_loss": 0.6951799392700195, "accuracy": 0.5, "macro_f1": 0.3333333333333333, "lr": 0.0017975979957355586, "seconds": 0.0142059209999843}]');
INSERT INTO trial_user_attributes VALUES(89,9,'pruned','{"epoch": 2, "value": 0.6951799392700195, "median": 0.4368596076965332, "trials": 5}');
INSERT INTO trial_user_attributes VALUES(90,9,'best_epoch','2');
INSERT INTO trial_user_attributes VALUES(91,9,'best_loss','0.6951799392700195');
INSERT INTO trial_user_attributes VALUES(92,9,'accuracy','0.5');
INSERT INTO trial_user_attributes VALUES(93,9,'macro_f1','0.3333333333333333');
INSERT INTO trial_user_attributes VALUES(94,9,'seconds','0.029020306000006713');
INSERT INTO trial_user_attributes VALUES(95,10,'owner','{"host": "a-host", "boot": "79647b98-8f11-43f3-af80-13c78e9fdfbe", "pid": 3788, "started": 1795602169.29}');
INSERT INTO trial_user_attributes VALUES(96,10,'parameters','1574');
INSERT INTO trial_user_attributes VALUES(97,10,'vocabulary','12');
INSERT INTO trial_user_attributes VALUES(98,10,'environment','{"device": "CPU, 1 threads", "precision": "float32", "versions": {"python": "3.11.7", "torch": "2.13.0+cpu", "optuna": "5.0.0", "datasets": "5.2.0", "nltk": "3.10.4", "numpy": "2.4.6"}, "git": "4edb1c8375a8f1be7761f98a6c6d9e0b0cff3752", "command": "search.run --study small.toml --trials 14", "host": "a-host"}');
INSERT INTO trial_user_attributes VALUES(99,10,'curve','[{"number": 1, "train_loss": 0.6878445744514465, "validation_loss": 0.6686650117238363, "accuracy": 0.9583333333333334, "macro_f1": 0.9582608695652174, "lr": 0.012470575790175319, "seconds": 0.013506293000034475}, {"number": 2, "train_loss": 0.6199682354927063, "validation_loss": 0.5630272229512533, "accuracy": 1.0, "macro_f1": 1.0, "lr": 0.012470575790175319, "seconds": 0.01115805699998873}]');
INSERT INTO trial_user_attributes VALUES(100,10,'pruned','{"epoch": 2, "value": 0.5630272229512533, "median": 0.4368596076965332, "trials": 5}');
INSERT INTO trial_user_attributes VALUES(101,10,'best_epoch','2');
INSERT INTO trial_user_attributes VALUES(102,10,'best_loss','0.5630272229512533');
INSERT INTO trial_user_attributes VALUES(103,10,'accuracy','1.0');
INSERT INTO trial_user_attributes VALUES(104,10,'macro_f1','1.0');
INSERT INTO trial_user_attributes VALUES(105,10,'seconds','0.024664350000023205');
INSERT INTO trial_user_attributes VALUES(106,11,'owner','{"host": "a-host", "boot": "79647b98-8f11-43f3-af80-13c78e9fdfbe", "pid": 3788, "started": 1795602169.29}');
INSERT INTO trial_user_attributes VALUES(107,11,'parameters','198');
INSERT INTO trial_user_attributes VALUES(108,11,'vocabulary','12');
INSERT INTO trial_user_attributes VALUES(109,11,'environment','{"device": "CPU, 1 threads", "precision": "float32", "versions": {"python": "3.11.7", "torch": "2.13.0+cpu", "optuna": "5.0.0", "datasets": "5.2.0", "nltk": "3.10.4", "numpy": "2.4.6"}, "git": "4edb1c8375a8f1be7761f98a6c6d9e0b0cff3752", "command": "search.run --study small.toml --trials 14", "host": "a-host"}');
INSERT INTO trial_user_attributes VALUES(110,11,'curve','[{"number": 1, "train_loss": 0.6981412967046102, "validation_loss": 0.688194195429484, "accuracy": 0.5, "macro_f1": 0.3333333333333333, "lr": 0.05078469177003496, "seconds": 0.013413924999952087}, {"number": 2, "train_loss": 0.6895041565100352, "validation_loss": 0.6682599385579427, "accuracy": 0.5, "macro_f1": 0.3333333333333333, "lr": 0.05078469177003496, "seconds": 0.013211284000021806}]');
INSERT INTO trial_user_attributes VALUES(111,11,'pruned','{"epoch": 2, "value": 0.6682599385579427, "median": 0.4368596076965332, "trials": 5}');
INSERT INTO trial_user_attributes VALUES(112,11,'best_epoch','2');
INSERT INTO trial_user_attributes VALUES(113,11,'best_loss','0.6682599385579427');
INSERT INTO trial_user_attributes VALUES(114,11,'accuracy','0.5');
INSERT INTO trial_user_attributes VALUES(115,11,'macro_f1','0.3333333333333333');
INSERT INTO trial_user_attributes VALUES(116,11,'seconds','0.026625208999973893');
INSERT INTO trial_user_attributes VALUES(117,12,'owner','{"host": "a-host", "boot": "79647b98-8f11-43f3-af80-13c78e9fdfbe", "pid": 3788, "started": 1795602169.29}');
INSERT INTO trial_user_attributes VALUES(118,12,'parameters','1262');
INSERT INTO trial_user_attributes VALUES(119,12,'vocabulary','12');
INSERT INTO trial_user_attributes VALUES(120,12,'environment','{"device": "CPU, 1 threads", "precision": "float32", "versions": {"python": "3.11.7", "torch": "2.13.0+cpu", "optuna": "5.0.0", "datasets": "5.2.0", "nltk": "3.10.4", "numpy": "2.4.6"}, "git": "4edb1c8375a8f1be7761f98a6c6d9e0b0cff3752", "command": "search.run --study small.toml --trials 14", "host": "a-host"}');
INSERT INTO trial_user_attributes VALUES(121,12,'curve','[{"number": 1, "train_loss": 0.6579786837100983, "validation_loss": 0.5839875141779581, "accuracy": 0.6041666666666666, "macro_f1": 0.5306227483273289, "lr": 0.022603695216912977, "seconds": 0.014057100000002265}]');
CREATE TABLE trial_system_attributes (
	trial_system_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_system_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO trial_system_attributes VALUES(1,11,'tpe:relative_params:0','"{\"cell\": \"gru\", \"dropout\": 0.14549794316488668, \"hidden_dim\": 4, \"lr\": 0.05078469177003496}"');
INSERT INTO trial_system_attributes VALUES(2,12,'tpe:relative_params:0','"{\"cell\": \"gru\", \"dropout\": 0.3350217719202471, \"hidden_dim\": 12, \"lr\": 0.022603695216912977}"');
CREATE TABLE trial_params (
	param_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	param_name VARCHAR(512), 
	param_value FLOAT, 
	distribution_json TEXT, 
	PRIMARY KEY (param_id), 
	UNIQUE (trial_id, param_name), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO trial_params VALUES(1,1,'cell',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["rnn", "gru", "lstm"]}}');
INSERT INTO trial_params VALUES(2,1,'hidden_dim',12.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 4, "low": 4, "high": 12}}');
INSERT INTO trial_params VALUES(3,1,'lr',0.014819450336375361229,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO trial_params VALUES(4,1,'dropout',0.021939380876754621674,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO trial_params VALUES(5,2,'cell',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["rnn", "gru", "lstm"]}}');
INSERT INTO trial_params VALUES(6,2,'hidden_dim',4.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 4, "low": 4, "high": 12}}');
INSERT INTO trial_params VALUES(7,2,'lr',0.0032973858546493303722,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO trial_params VALUES(8,2,'dropout',0.27341150814748971242,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO trial_params VALUES(9,3,'cell',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["rnn", "gru", "lstm"]}}');
INSERT INTO trial_params VALUES(10,3,'hidden_dim',8.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 4, "low": 4, "high": 12}}');
INSERT INTO trial_params VALUES(11,3,'lr',0.060779636268604005089,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO trial_params VALUES(12,3,'dropout',0.03499921016663848361,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO trial_params VALUES(13,4,'cell',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["rnn", "gru", "lstm"]}}');
INSERT INTO trial_params VALUES(14,4,'hidden_dim',8.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 4, "low": 4, "high": 12}}');
INSERT INTO trial_params VALUES(15,4,'lr',0.022251822119913056141,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO trial_params VALUES(16,4,'dropout',0.48833901165269250066,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO trial_params VALUES(17,5,'cell',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["rnn", "gru", "lstm"]}}');
INSERT INTO trial_params VALUES(18,5,'hidden_dim',12.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 4, "low": 4, "high": 12}}');
INSERT INTO trial_params VALUES(19,5,'lr',0.019705021134663470994,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO trial_params VALUES(20,5,'dropout',0.34007614289018783804,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO trial_params VALUES(21,6,'cell',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["rnn", "gru", "lstm"]}}');
INSERT INTO trial_params VALUES(22,6,'hidden_dim',4.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 4, "low": 4, "high": 12}}');
INSERT INTO trial_params VALUES(23,6,'lr',0.0019233887773926685183,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO trial_params VALUES(24,6,'dropout',0.045780604014902026577,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO trial_params VALUES(25,7,'cell',2.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["rnn", "gru", "lstm"]}}');
INSERT INTO trial_params VALUES(26,7,'hidden_dim',8.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 4, "low": 4, "high": 12}}');
INSERT INTO trial_params VALUES(27,7,'lr',0.017890965660242803131,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO trial_params VALUES(28,7,'dropout',0.23741019050609796225,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO trial_params VALUES(29,8,'cell',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["rnn", "gru", "lstm"]}}');
INSERT INTO trial_params VALUES(30,8,'hidden_dim',4.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 4, "low": 4, "high": 12}}');
INSERT INTO trial_params VALUES(31,8,'lr',0.0029310698657159335242,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO trial_params VALUES(32,8,'dropout',0.2371198178551273128,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO trial_params VALUES(33,9,'cell',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["rnn", "gru", "lstm"]}}');
INSERT INTO trial_params VALUES(34,9,'hidden_dim',8.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 4, "low": 4, "high": 12}}');
INSERT INTO trial_params VALUES(35,9,'lr',0.0017975979957355586302,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO trial_params VALUES(36,9,'dropout',0.26155086648894620982,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO trial_params VALUES(37,10,'cell',2.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["rnn", "gru", "lstm"]}}');
INSERT INTO trial_params VALUES(38,10,'hidden_dim',12.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 4, "low": 4, "high": 12}}');
INSERT INTO trial_params VALUES(39,10,'lr',0.012470575790175318642,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO trial_params VALUES(40,10,'dropout',0.010461522420428914781,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO trial_params VALUES(41,11,'cell',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["rnn", "gru", "lstm"]}}');
INSERT INTO trial_params VALUES(42,11,'hidden_dim',4.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 4, "low": 4, "high": 12}}');
INSERT INTO trial_params VALUES(43,11,'lr',0.050784691770034959268,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO trial_params VALUES(44,11,'dropout',0.14549794316488667833,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO trial_params VALUES(45,12,'cell',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["rnn", "gru", "lstm"]}}');
INSERT INTO trial_params VALUES(46,12,'hidden_dim',12.0,'{"name": "IntDistribution", "attributes": {"log": false, "step": 4, "low": 4, "high": 12}}');
INSERT INTO trial_params VALUES(47,12,'lr',0.0226036952169129772,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}');
INSERT INTO trial_params VALUES(48,12,'dropout',0.33502177192024712448,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
CREATE TABLE trial_values (
	trial_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	value FLOAT, 
	value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_value_id), 
	UNIQUE (trial_id, objective), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO trial_values VALUES(1,1,0,0.11505048473676045273,'FINITE');
INSERT INTO trial_values VALUES(2,2,0,0.69125572840372717653,'FINITE');
INSERT INTO trial_values VALUES(3,3,0,0.02113670607407887661,'FINITE');
INSERT INTO trial_values VALUES(4,4,0,0.65372081597646081174,'FINITE');
INSERT INTO trial_values VALUES(5,5,0,0.053807387749354042283,'FINITE');
INSERT INTO trial_values VALUES(6,6,0,0.72381114959716796875,'FINITE');
INSERT INTO trial_values VALUES(7,7,0,0.65730047225952148437,'FINITE');
INSERT INTO trial_values VALUES(8,8,0,0.68887956937154137815,'FINITE');
INSERT INTO trial_values VALUES(9,9,0,0.69517993927001953125,'FINITE');
INSERT INTO trial_values VALUES(10,10,0,0.56302722295125329221,'FINITE');
INSERT INTO trial_values VALUES(11,11,0,0.66825993855794274534,'FINITE');
CREATE TABLE trial_intermediate_values (
	trial_intermediate_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	step INTEGER NOT NULL, 
	intermediate_value FLOAT, 
	intermediate_value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_intermediate_value_id), 
	UNIQUE (trial_id, step), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO trial_intermediate_values VALUES(1,1,1,0.6434074242909749719,'FINITE');
INSERT INTO trial_intermediate_values VALUES(2,1,2,0.43685960769653320312,'FINITE');
INSERT INTO trial_intermediate_values VALUES(3,1,3,0.11505048473676045273,'FINITE');
INSERT INTO trial_intermediate_values VALUES(4,2,1,0.69860871632893883909,'FINITE');
INSERT INTO trial_intermediate_values VALUES(5,2,2,0.69381284713745117187,'FINITE');
INSERT INTO trial_intermediate_values VALUES(6,2,3,0.69125572840372717653,'FINITE');
INSERT INTO trial_intermediate_values VALUES(7,3,1,0.67633517583211266721,'FINITE');
INSERT INTO trial_intermediate_values VALUES(8,3,2,0.39067896207173663514,'FINITE');
INSERT INTO trial_intermediate_values VALUES(9,3,3,0.02113670607407887661,'FINITE');
INSERT INTO trial_intermediate_values VALUES(10,4,1,0.69179201126098632812,'FINITE');
INSERT INTO trial_intermediate_values VALUES(11,4,2,0.68417620658874511718,'FINITE');
INSERT INTO trial_intermediate_values VALUES(12,4,3,0.65372081597646081174,'FINITE');
INSERT INTO trial_intermediate_values VALUES(13,5,1,0.64024043083190917968,'FINITE');
INSERT INTO trial_intermediate_values VALUES(14,5,2,0.36186508337656658751,'FINITE');
INSERT INTO trial_intermediate_values VALUES(15,5,3,0.053807387749354042283,'FINITE');
INSERT INTO trial_intermediate_values VALUES(16,6,1,0.72890520095825195312,'FINITE');
INSERT INTO trial_intermediate_values VALUES(17,6,2,0.72381114959716796875,'FINITE');
INSERT INTO trial_intermediate_values VALUES(18,7,1,0.69027614593505859375,'FINITE');
INSERT INTO trial_intermediate_values VALUES(19,7,2,0.65730047225952148437,'FINITE');
INSERT INTO trial_intermediate_values VALUES(20,8,1,0.69065602620442712034,'FINITE');
INSERT INTO trial_intermediate_values VALUES(21,8,2,0.68887956937154137815,'FINITE');
INSERT INTO trial_intermediate_values VALUES(22,9,1,0.69787462552388512815,'FINITE');
INSERT INTO trial_intermediate_values VALUES(23,9,2,0.69517993927001953125,'FINITE');
INSERT INTO trial_intermediate_values VALUES(24,10,1,0.66866501172383630002,'FINITE');
INSERT INTO trial_intermediate_values VALUES(25,10,2,0.56302722295125329221,'FINITE');
INSERT INTO trial_intermediate_values VALUES(26,11,1,0.68819419542948401247,'FINITE');
INSERT INTO trial_intermediate_values VALUES(27,11,2,0.66825993855794274534,'FINITE');
INSERT INTO trial_intermediate_values VALUES(28,12,1,0.58398751417795813356,'FINITE');
CREATE TABLE trial_heartbeats (
	trial_heartbeat_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	heartbeat DATETIME NOT NULL, 
	PRIMARY KEY (trial_heartbeat_id), 
	UNIQUE (trial_id), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version VALUES('v3.2.0.a');
CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
CREATE INDEX ix_trials_study_id ON trials (study_id);
COMMIT;
